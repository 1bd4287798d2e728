"""What the public and the staff pages stand on: session, forms, headers, language, errors, the commit hook."""
