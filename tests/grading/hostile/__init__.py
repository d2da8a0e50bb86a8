"""A class in which hostile students hand in, and what to look at from outside when it has been graded.

`corpus` reads the attacks, `classroom` lays the class out, `bait` is what they are after, `watch` looks at processes
while the grader works, `pages` opens feedback and formgrader in a browser, `verdict` says what was breached.
"""
