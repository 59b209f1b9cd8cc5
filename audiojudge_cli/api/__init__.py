"""What `import audiojudge_cli` promises (docs/python.md), and what the commands are made of: one call for each thing.

The names are reached through `audiojudge_cli` itself, which reads these modules when a name is first used.
"""
