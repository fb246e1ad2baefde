namespace MlComponents.Tests.Observation;

/// <summary>A network that has learned to read digits anywhere in a picture is asked where it read them.</summary>
[TestClass]
public sealed class GradCamOnGlyphsTests
{
    private const int Side = 32;
    private const int Height = 11;
    private const int Width = 7;

    // Like the digits of a pocket calculator: top, upper left, upper right, middle, lower left, lower right, bottom.
    private static readonly string[] Segments = ["1110111", "0010010", "1011101", "1011011", "0111010", "1101011", "1101111", "1010010", "1111111", "1111011"];

    [TestMethod]
    public void Explain_OfDigitsAnywhereInALargerPicture_LiesOnTheDigits()
    {
        using var scope = NewDisposeScope();
        manual_seed(1);
        using var network = nn.Sequential(
            nn.Conv2d(1, 12, 3, padding: 1), nn.BatchNorm2d(12), nn.ReLU(), nn.MaxPool2d(2),
            nn.Conv2d(12, 24, 3, padding: 1), nn.BatchNorm2d(24), nn.ReLU(),
            nn.Conv2d(24, 32, 3, padding: 1), nn.BatchNorm2d(32), nn.ReLU(),
            nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(32, 10));
        Train(network, steps: 160);
        var (x, label, boxes) = Draw(100, new Random(2));

        var found = GradCam.Explain(network, x);

        var right = found.Classes.Zip(label.data<long>(), (predicted, digit) => predicted == digit ? 1.0 : 0).Average();
        var share = ((found.Maps * boxes).sum([1, 2]) / found.Maps.sum([1, 2])).mean().item<float>();
        var area = (double)(Height * Width) / (Side * Side);
        // Seen: 92% are read, and 53% of the map is inside the box, which has 7.5% of the area.
        Assert.IsGreaterThan(0.8, right);
        Assert.IsGreaterThan(5 * area, share);
    }

    private static void Train(nn.Module<Tensor, Tensor> network, int steps)
    {
        var random = new Random(1);
        using var optimizer = optim.Adam(network.parameters(), lr: 1e-2);
        network.train();
        for (var step = 0; step < steps; step++)
        {
            using var scope = NewDisposeScope();
            var (x, label, _) = Draw(32, random);
            optimizer.zero_grad();
            nn.functional.cross_entropy(network.call(x), label).backward();
            optimizer.step();
        }
    }

    /// <summary>Pictures with noise and one digit anywhere, the digits, and the box of each: 1 inside.</summary>
    private static (Tensor Pictures, Tensor Label, Tensor Boxes) Draw(int count, Random random)
    {
        var (pixels, boxes, labels) = (new float[count, 1, Side, Side], new float[count, Side, Side], new long[count]);
        for (var i = 0; i < count; i++)
        {
            var (digit, top, left, ink) = (random.Next(10), random.Next(Side - Height + 1), random.Next(Side - Width + 1), 0.7f + 0.3f * random.NextSingle());
            labels[i] = digit;
            for (var y = 0; y < Side; y++)
                for (var x = 0; x < Side; x++)
                {
                    var (v, u) = (y - top, x - left);
                    boxes[i, y, x] = v is >= 0 and < Height && u is >= 0 and < Width ? 1 : 0;
                    pixels[i, 0, y, x] = 0.2f * random.NextSingle() + (boxes[i, y, x] > 0 && IsInk(Segments[digit], v, u) ? ink : 0);
                }
        }
        return (tensor(pixels), tensor(labels), tensor(boxes));
    }

    private static bool IsInk(string segments, int y, int x)
    {
        const int middle = Height / 2;
        bool[] on = [y == 0, x == 0 && y <= middle, x == Width - 1 && y <= middle, y == middle, x == 0 && y >= middle, x == Width - 1 && y >= middle, y == Height - 1];
        return segments.Where((segment, i) => segment == '1' && on[i]).Any();
    }
}
