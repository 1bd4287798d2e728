"""One file per question type: what it allows, its WTForms fields, how its answer is read, shown and counted."""
