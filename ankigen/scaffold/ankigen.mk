# Targets for your Makefile: write `include ankigen.mk` into it, or call `make -f ankigen.mk decks`.
# Written by `ankigen init`; it is yours to change.
.PHONY: check-notes decks

check-notes: ## Show what is wrong with the notes
	ankigen check

decks: ## Build the packages
	ankigen build
