"""Does the installed product answer at all?"""
