"""«Отправить утром»: what was written in the school's quiet hours and waits for their end."""
