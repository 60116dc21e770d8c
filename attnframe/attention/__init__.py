"""The attention engine: masks say who may see whom, mixers how values are mixed, backends how it is computed."""
