"""HTTP, a module a step. A view is four moves: read the request, validate, call one service, answer."""
