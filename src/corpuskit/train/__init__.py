"""Making the labellers' weights: labelled pages in, weights, model card and figures out.

Nothing here is needed to clean a page; what only training needs is in the extra ``train``.
"""
