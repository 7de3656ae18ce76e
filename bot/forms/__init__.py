"""Forms of the humanitarian field (XLSForm, ODK XForms): compiled, checked and run. Knows no Matrix, no storage."""
