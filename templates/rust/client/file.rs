{{ imports }}

{{ config }}

{{ builder }}

{{ client }}
