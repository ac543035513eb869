"""Every action, query, job and visibility rule, imported once so that the registry is whole."""

import services.access.bootstrap
import services.access.revealing
import services.access.signing_in
import services.demo.cards
import services.demo.clock
import services.documents.attachments
import services.documents.previewing
import services.documents.printing_log
import services.documents.reading
import services.documents.rendering
import services.documents.visibility
import services.engine.drafts
import services.engine.notices
import services.engine.outbox
import services.engine.parameters
import services.tenancy.cancel_views
import services.tenancy.cancelling
import services.tenancy.contract_preview
import services.tenancy.contract_search
import services.tenancy.contract_views
import services.tenancy.counter_forms
import services.tenancy.counter_house
import services.tenancy.filing_opening
import services.tenancy.filing_search
import services.tenancy.intake
import services.tenancy.jobs
import services.tenancy.licence_failures
import services.tenancy.licences
import services.tenancy.listings
import services.tenancy.query_papers
import services.tenancy.record_sheets
import services.tenancy.simulation
import services.tenancy.thresholds
import services.tenancy.trial
import services.tenancy.visibility
import services.tenancy.workbench  # noqa: F401
