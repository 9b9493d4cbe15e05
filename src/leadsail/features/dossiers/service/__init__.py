"""The use cases of dossiers."""

from leadsail.features.dossiers.service.dossiers import DossierService, Records

__all__ = ["DossierService", "Records"]
