"""What a person can do, a module a step. A service takes a session and plain values and gives plain values.

It never asks the clock or makes randomness itself; what it refuses, it refuses by a named error.
"""
