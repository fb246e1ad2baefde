namespace DigitRecognition;

/// <summary>What is to be trained on what.</summary>
/// <param name="Data">Folder with the MNIST files; null draws digits.</param>
/// <param name="Network">One of <see cref="Trainers.Names"/>.</param>
/// <param name="Epochs">Passes over the training rows, at least 1; null for the network's own default.</param>
/// <param name="Seed">Seed of the drawn digits and of the training.</param>
/// <param name="Output">Folder for the results; null for a new one.</param>
/// <param name="Json">Whether standard output is for one JSON object.</param>
internal sealed record TrainSettings(string? Data, string Network, int? Epochs, int Seed, string? Output, bool Json);
