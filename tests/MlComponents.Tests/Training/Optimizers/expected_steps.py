"""Prints the weights that PyTorch's optimizers reach from (1, -2) with a fixed sequence of gradients and learning rates, in float64.
Its output stands in FusedOptimizerTests. Written with PyTorch 1.13.1: python3 expected_steps.py"""
import torch

GRADIENTS = [(0.5, -1.0), (-0.25, 0.125), (1.5, 0.0), (0.75, -2.0), (-1.0, 0.5)]
RATES = [0.1, 0.1, 0.05, 0.05, 0.2]

OPTIMIZERS = {
    "sgd": lambda p: torch.optim.SGD(p, lr=1),
    "sgd, weight decay": lambda p: torch.optim.SGD(p, lr=1, weight_decay=0.1),
    "sgd, momentum": lambda p: torch.optim.SGD(p, lr=1, momentum=0.9, weight_decay=0.1),
    "sgd, nesterov": lambda p: torch.optim.SGD(p, lr=1, momentum=0.9, weight_decay=0.1, nesterov=True),
    "adam": lambda p: torch.optim.Adam(p, lr=1),
    "adam, weight decay": lambda p: torch.optim.Adam(p, lr=1, betas=(0.8, 0.99), eps=1e-3, weight_decay=0.1),
    "adamw": lambda p: torch.optim.AdamW(p, lr=1, betas=(0.8, 0.99), eps=1e-3, weight_decay=0.1),
}

for name, create in OPTIMIZERS.items():
    weights = torch.tensor([1.0, -2.0], dtype=torch.float64, requires_grad=True)
    optimizer = create([weights])
    for gradient, rate in zip(GRADIENTS, RATES):
        optimizer.param_groups[0]["lr"] = rate
        weights.grad = torch.tensor(gradient, dtype=torch.float64)
        optimizer.step()
    print(name, *(f"{value:.15g}" for value in weights.tolist()))
