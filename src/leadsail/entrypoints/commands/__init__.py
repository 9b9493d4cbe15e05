"""One module a command of the program `leadsail`, each with its typer application under the name `commands`."""
