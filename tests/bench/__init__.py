"""The benchmark: Nachlese beside the engines that one would take instead, on articles made for it.

``python -m tests.bench --help`` says what can be asked; CONTRIBUTING.md names the other engines and how to get them.
"""
