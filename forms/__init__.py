"""What people see: the Flask front end."""
