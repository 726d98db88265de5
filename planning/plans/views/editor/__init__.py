"""The editor of one working version: its tree, tasks, chapters and network. Needs no JavaScript."""
