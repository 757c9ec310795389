"""The standard libraries, one file each as the manual names them (manual 6)."""
