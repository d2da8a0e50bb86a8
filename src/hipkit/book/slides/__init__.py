"""Slides of every lesson, made from its built page: there is no second source to keep."""
