"""Finding the article that answers a question: words, scores, votes of earlier questions."""
