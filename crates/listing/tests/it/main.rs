//! Behaviour of pages, search texts and listing vocabularies.

mod pages;
mod searches;
mod vocabulary;
