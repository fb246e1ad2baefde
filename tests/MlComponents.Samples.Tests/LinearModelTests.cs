using DigitRecognition;
using Digits;
using Microsoft.ML;

namespace MlComponents.Samples.Tests;

[TestClass]
public sealed class LinearModelTests
{
    [TestMethod]
    public void Linear_OnDrawnDigits_IsFarFromReadingThem()
    {
        var ml = new MLContext(seed: 1);
        var settings = RunSettings.Of(new() { Network = "linear" });

        var model = Trainers.Fit(ml, settings, DigitArtist.Draw(DigitSplit.Train, 3_000, seed: 1), options => options);

        var accuracy = DigitEvaluation.Of(ml, model, DigitArtist.Draw(DigitSplit.Test, 1_000, seed: 1)).Metrics.MicroAccuracy;
        Assert.IsInRange(0.2, 0.90, accuracy);   // above chance, and with room for a network to be better
    }
}
