### Every text of the workbench. One message a line, grouped by where it stands.
app-name = VisionFlow
