"""The contact gate: nobody is called or texted but through here, and every decision can be explained."""
