{{ imports }}

{{ credentials }}

{{ builder }}

{{ manager }}
