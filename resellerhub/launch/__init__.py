"""`manage.py up` and `manage.py test`: from a bare Python to a running ResellerHub. Standard library only.

Nothing here is imported by the application, and nothing of the application is imported here: what needs Django is
run as a command in .venv.
"""
