"""The commands of `huaxin`, one small file per subject.

Each `add(commands)` hangs its parsers in; what a command needs is imported only when it runs, so that
`--help` answers at once.
"""
