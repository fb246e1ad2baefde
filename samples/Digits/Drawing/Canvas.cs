using System.Numerics;

namespace Digits;

/// <summary>Draws lines with soft edges on one picture.</summary>
internal readonly ref struct Canvas(Span<float> pixels)
{
    private readonly Span<float> pixels = pixels;

    /// <summary>Draws straight pieces from point to point with a round pen; where lines cross the ink doesn't add up.</summary>
    /// <param name="line">Points in pixels; the centre of the top left pixel is (0.5, 0.5).</param>
    /// <param name="radius">Radius of the pen in pixels.</param>
    /// <param name="ink">Brightness of the line, 0 to 1.</param>
    public void Draw(IReadOnlyList<Vector2> line, float radius, float ink)
    {
        for (var i = 1; i < line.Count; i++)
            DrawPiece(line[i - 1], line[i], radius, ink);
    }

    private void DrawPiece(Vector2 from, Vector2 to, float radius, float ink)
    {
        var reach = new Vector2(radius + 0.5f);
        var (low, high) = (Vector2.Min(from, to) - reach, Vector2.Max(from, to) + reach);
        var along = to - from;
        var scale = 1 / Math.Max(along.LengthSquared(), 1e-9f);
        for (var y = Math.Max(0, (int)low.Y); y < Math.Min(DigitSet.Side, high.Y); y++)
            for (var x = Math.Max(0, (int)low.X); x < Math.Min(DigitSet.Side, high.X); x++)
            {
                var pixel = new Vector2(x + 0.5f, y + 0.5f);
                var t = Math.Clamp(Vector2.Dot(pixel - from, along) * scale, 0, 1);
                var distance = Vector2.Distance(pixel, from + t * along);
                var coverage = ink * Math.Clamp(radius + 0.5f - distance, 0, 1);
                ref var value = ref pixels[y * DigitSet.Side + x];
                value = Math.Max(value, coverage);
            }
    }
}
