"""Commands: what people ask in chat, whichever platform they ask on."""
