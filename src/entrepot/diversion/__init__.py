"""From a panel of declared trade to leads: counterfactual, calibration, conclusions.

The engine aggregates once (:mod:`entrepot.diversion.panel`); everything after that is NumPy on
arrays of commodities x partners x months. The method, its formulas and where they stop being true
are in docs/explanation/method.md.
"""
