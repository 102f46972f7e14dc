"""The process owner's editor: open the published diagram, see what the linter says as one draws, publish."""
