using System.ComponentModel.DataAnnotations;

namespace TrainingService;

/// <summary>What is to be trained: the section <c>Job</c>.</summary>
internal sealed record JobOptions
{
    /// <summary>Folder with the four MNIST files. Null, the default: digits are drawn.</summary>
    public string? Data { get; init; }

    /// <summary><c>mlp</c> or <c>convnet</c>, the default.</summary>
    [AllowedValues("mlp", "convnet", ErrorMessage = "Job:Network must be mlp or convnet.")]
    public string Network { get; init; } = "convnet";

    /// <summary>Passes over the training rows. 1 to 10,000; null, the default: 8 for the convnet, 10 for the MLP.</summary>
    [Range(1, 10_000, ErrorMessage = "Job:Epochs must be 1 to 10000.")]
    public int? Epochs { get; init; }

    /// <summary>Seed of the drawn digits and of the training. At least 0; default 1.</summary>
    [Range(0, int.MaxValue, ErrorMessage = "Job:Seed must be at least 0.")]
    public int Seed { get; init; } = 1;
}
