"""The API's reference: one OpenAPI 3.1 document, assembled from the routes, with every refusal, header and example."""
