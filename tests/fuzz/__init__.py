"""Looks for bytes that break a promise: ``python -m tests.fuzz query --seconds 600``.

``targets`` says what is tried and what must hold. What was found once stands in ``tests/cases/fuzz/TARGET/`` and is
tried again by ``tests/test_fuzz.py``.
"""
