"""What people and other programs get to see of a run: tables, JUnit XML, a Markdown summary, a page."""
