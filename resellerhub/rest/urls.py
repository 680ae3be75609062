"""What every API has: its description, and jobs."""

from django.urls import path

from resellerhub.rest.documents import Document, Redoc, Swagger
from resellerhub.rest.jobs import JobApi, JobItemApi
from resellerhub.rest.views import api_paths

urlpatterns = [
    path("openapi.json", Document.as_view(), name="openapi"),
    path("docs", Swagger.as_view(url_name="api:openapi"), name="docs"),
    path("redoc", Redoc.as_view(url_name="api:openapi"), name="redoc"),
    *api_paths("jobs", JobApi),
    *api_paths("jobs/<int:job>/items", JobItemApi),
]
