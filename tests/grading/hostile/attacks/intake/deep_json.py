# /// attack
# tries = "Hands in JSON that is nested a hundred thousand times."
# points = 0
# shows = ["ungraded"]
# ///


def submit(place):
    deep = "[" * 100_000 + "]" * 100_000
    place.path.write_text(f'{{"cells": [], "metadata": {{"deep": {deep}}}, "nbformat": 4, "nbformat_minor": 5}}')
