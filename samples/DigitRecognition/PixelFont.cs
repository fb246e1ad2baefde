using SkiaSharp;

namespace DigitRecognition;

/// <summary>A font of five by seven pixels for captions, because a machine without fonts would draw none.</summary>
internal static class PixelFont
{
    private const int Columns = 5;
    private const int Rows = 7;
    private const string Characters = "0123456789%ADEFGHINORSTUWM";

    /// <summary>Seven rows per character, all characters side by side, one blank column after each.</summary>
    private static readonly string[] Glyphs =
    [
        ".###....#....###..#####....#..#####..###..#####..###...###..##..#..###..####..#####.#####..###..#...#.#####.#...#..###..####...####.#####.#...#.#...#.#...#.",
        "#...#..##...#...#....#....##..#.....#...#.....#.#...#.#...#.##..#.#...#.#...#.#.....#.....#...#.#...#...#...##..#.#...#.#...#.#.......#...#...#.#...#.##.##.",
        "#..##.#.#.......#...#....#.#..####..#........#..#...#.#...#....#..#...#.#...#.#.....#.....#.....#...#...#...#.#.#.#...#.#...#.#.......#...#...#.#...#.#.#.#.",
        "#.#.#...#......#.....#..#..#......#.####....#....###...####...#...#####.#...#.####..####..#.###.#####...#...#..##.#...#.####...###....#...#...#.#.#.#.#.#.#.",
        "##..#...#.....#.......#.#####.....#.#...#..#....#...#.....#..#....#...#.#...#.#.....#.....#...#.#...#...#...#...#.#...#.#.#.......#...#...#...#.#.#.#.#...#.",
        "#...#...#....#....#...#....#..#...#.#...#..#....#...#.#...#.#..##.#...#.#...#.#.....#.....#...#.#...#...#...#...#.#...#.#..#......#...#...#...#.##.##.#...#.",
        ".###..#####.#####..###.....#...###...###...#.....###...###..#..##.#...#.####..#####.#......###..#...#.#####.#...#..###..#...#.####....#....###..#...#.#...#.",
    ];

    /// <summary>Height of a line in pixels at a scale.</summary>
    public static int Height(int scale) => Rows * scale;

    /// <summary>Width of a text in pixels at a scale.</summary>
    public static int Width(string text, int scale) => text.Length * (Columns + 1) * scale;

    /// <summary>Draws a text; a character that the font lacks is a space.</summary>
    public static void Draw(SKCanvas canvas, string text, int x, int y, int scale, SKColor color)
    {
        using var paint = new SKPaint { Color = color };
        for (var i = 0; i < text.Length; i++)
        {
            var glyph = Characters.IndexOf(text[i], StringComparison.Ordinal);
            for (var row = 0; glyph >= 0 && row < Rows; row++)
                for (var column = 0; column < Columns; column++)
                    if (Glyphs[row][glyph * (Columns + 1) + column] == '#')
                        canvas.DrawRect(x + (i * (Columns + 1) + column) * scale, y + row * scale, scale, scale, paint);
        }
    }
}
