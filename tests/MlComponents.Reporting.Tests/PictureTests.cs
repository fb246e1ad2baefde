using SkiaSharp;

namespace MlComponents.Reporting.Tests;

[TestClass]
public sealed class PictureTests
{
    private readonly string path = Path.Combine(Path.GetTempPath(), $"picture-{Guid.NewGuid():n}.png");

    [TestCleanup]
    public void DeleteFile() => File.Delete(path);

    [TestMethod]
    [DataRow(0.0, "#ff440154")]
    [DataRow(0.5, "#ff21918c")]
    [DataRow(1.0, "#fffde725")]
    [DataRow(0.0625, "#ff461768")]    // halfway between the first two
    [DataRow(-1.0, "#ff440154")]
    [DataRow(2.0, "#fffde725")]
    [DataRow(double.NaN, "#ff440154")]
    public void ColorScale_OfANumber_IsViridis(double value, string color) => Assert.AreEqual(color, ColorScale.Of(value).ToString());

    [TestMethod]
    public void HeatmapPicture_OfAGreyPictureAndOneInColour_HasPictureMapAndBoth()
    {
        using var scope = NewDisposeScope();
        var map = tensor(new[] { 0f, 1f }, 1, 2);

        var (grey, colors, both) = HeatmapPicture.Panels(tensor(new[] { 0f, 1f }, 1, 1, 2), map);
        var (colored, _, _) = HeatmapPicture.Panels(tensor(new[] { 1f, 0f, 0f, 1f, 0f, 0f }, 3, 1, 2), map);

        CollectionAssert.AreEqual(new SKColor[] { new(0, 0, 0), new(255, 255, 255) }, grey);
        CollectionAssert.AreEqual(new[] { ColorScale.Of(0), ColorScale.Of(1) }, colors);
        CollectionAssert.AreEqual(new SKColor[] { new(34, 0, 42), new(254, 243, 146) }, both);
        CollectionAssert.AreEqual(new SKColor[] { new(255, 0, 0), new(0, 255, 0) }, colored);
    }

    [TestMethod]
    public void HeatmapPicture_Saved_IsAPicture800PixelsWideWithText()
    {
        using var scope = NewDisposeScope();

        HeatmapPicture.Save("Where is it?", rand(3, 1, 20, 20), rand(3, 20, 20), ["a 7, read as 7, 99%", "b", "c"], path);

        using var picture = SKBitmap.Decode(path);
        Assert.AreEqual(800, picture.Width);
        Assert.AreEqual(SKColors.White, picture.GetPixel(2, 2));
        Assert.IsGreaterThan(100, picture.Pixels.Take(800 * 40).Count(pixel => pixel.Red < 100));
    }

    [TestMethod]
    public void FeatureMapPicture_OfAMap_SpreadsItsRange()
    {
        using var scope = NewDisposeScope();

        var (colors, low, high) = FeatureMapPicture.Colors(tensor(new[] { -2f, 2f, 0f }, 3, 1));

        Assert.AreEqual((-2, 2), (low, high));
        CollectionAssert.AreEqual(new[] { ColorScale.Of(0), ColorScale.Of(1), ColorScale.Of(0.5) }, colors);
        Assert.AreEqual(ColorScale.Of(0), FeatureMapPicture.Colors(ones(1, 1)).Colors[0, 0]);
    }

    [TestMethod]
    public void FeatureMapPicture_OfAMapThatIsntFinite_HasTheRangeOfWhatIs()
    {
        using var scope = NewDisposeScope();

        var (colors, low, high) = FeatureMapPicture.Colors(tensor(new[] { float.NaN, 1, 3, float.PositiveInfinity }, 2, 2));
        var none = FeatureMapPicture.Colors(full([1, 1], float.NaN));

        Assert.AreEqual((1, 3), (low, high));
        CollectionAssert.AreEqual(new[] { ColorScale.Of(0), ColorScale.Of(0), ColorScale.Of(1), ColorScale.Of(0) }, colors);
        Assert.AreEqual("7: not finite", FeatureMapPicture.Caption(7, none.Low, none.High));
    }

    [TestMethod]
    [DataRow(-2.0, 2.0, "0: -2 to 2")]
    [DataRow(0.0, 3.14159, "0: 0 to 3.14")]
    [DataRow(-0.00123456, 12345.6, "0: -0.00123 to 1.23E+04")]
    public void FeatureMapPicture_OfARange_SaysItInThreeDigits(double low, double high, string caption) => Assert.AreEqual(caption, FeatureMapPicture.Caption(0, low, high));

    [TestMethod]
    public void FeatureMapPicture_OfManyMaps_ShowsTheFirst()
    {
        using var scope = NewDisposeScope();

        FeatureMapPicture.Save("Features", rand(130, 4, 4), path);

        using var picture = SKBitmap.Decode(path);
        Assert.AreEqual((800, 48 + 16 * (18 + 88 + 8) + 8), (picture.Width, picture.Height));   // 16 rows of a text, a map and a gap
    }

    [TestMethod]
    public void Save_OfShapesThatDontFit_SaysWhatDoes()
    {
        using var scope = NewDisposeScope();

        var heat = Assert.ThrowsExactly<ArgumentException>(() => HeatmapPicture.Save("", zeros(2, 1, 4, 4), zeros(2, 4, 5), ["", ""], path));
        var sheet = Assert.ThrowsExactly<ArgumentException>(() => FeatureMapPicture.Save("", zeros(2, 1, 4, 4), path));

        Assert.AreEqual("A picture of heat maps takes pictures [N, 1, H, W] or [N, 3, H, W], maps [N, H, W] and N captions, but was given [2, 1, 4, 4], [2, 4, 5] and 2.", heat.Message);
        Assert.StartsWith("A contact sheet takes the maps of one picture, [K, H, W], but was given [2, 1, 4, 4].", sheet.Message);
    }
}
