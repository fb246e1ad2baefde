namespace MlComponents;

/// <summary>A running mean in which every value weighs β times as much as the one after it, from the first value on without a bias to 0.</summary>
internal sealed class ExponentialMean(double beta)
{
    private double sum;
    private double weight;

    /// <summary>Adds a value.</summary>
    /// <returns>The mean with it.</returns>
    public double Add(double value)
    {
        sum = beta * sum + (1 - beta) * value;
        weight = beta * weight + (1 - beta);
        return sum / weight;
    }
}
