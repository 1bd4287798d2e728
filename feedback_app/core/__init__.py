"""What every other room stands on: settings, clock, ids, tokens, sealing, errors. Imports nothing of ours."""
