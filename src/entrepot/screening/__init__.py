"""May this shipment go: parties, goods, routes, prices, contracts and payment, one check each."""
