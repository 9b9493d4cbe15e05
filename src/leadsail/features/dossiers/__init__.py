"""Why a person was contacted: everything that allowed one conversation, put together for somebody who must judge it."""
