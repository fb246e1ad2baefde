namespace MlComponents.Reporting;

/// <summary>
/// Letters made of lines, so that a plot has its text on a machine without fonts, and looks the same on every one. Capitals are 6 units high, small letters 4, and what hangs below the
/// line is 2 units lower.
/// </summary>
internal static class StrokeFont
{
    private const int Gap = 2;
    private const int SpaceWidth = 2;

    // Strokes are parted by semicolons; each is a list of points, a digit for x from the left and one for y from the bottom.
    private static readonly Dictionary<char, (int X, int Y)[][]> Glyphs = new Dictionary<char, string>
    {
        ['0'] = "18 38 47 43 32 12 03 07 18",
        ['1'] = "07 18 12",
        ['2'] = "07 18 38 47 46 02 42",
        ['3'] = "07 18 38 47 46 35 15;35 44 43 32 12 03",
        ['4'] = "32 38 04 44",
        ['5'] = "48 08 05 35 44 43 32 12 03",
        ['6'] = "47 38 18 07 03 12 32 43 44 35 15 04",
        ['7'] = "08 48 12",
        ['8'] = "15 06 07 18 38 47 46 35 15 04 03 12 32 43 44 35",
        ['9'] = "03 12 32 43 47 38 18 07 06 15 35 46",
        ['A'] = "02 28 42;14 34",
        ['B'] = "02 08 38 47 46 35 05;35 44 43 32 02",
        ['C'] = "47 38 18 07 03 12 32 43",
        ['D'] = "02 08 28 46 44 22 02",
        ['E'] = "48 08 02 42;05 35",
        ['F'] = "48 08 02;05 35",
        ['G'] = "47 38 18 07 03 12 32 43 45 25",
        ['H'] = "02 08;42 48;05 45",
        ['I'] = "02 08",
        ['J'] = "38 33 22 12 03",
        ['K'] = "02 08;48 05 42",
        ['L'] = "08 02 42",
        ['M'] = "02 08 25 48 42",
        ['N'] = "02 08 42 48",
        ['O'] = "18 38 47 43 32 12 03 07 18",
        ['P'] = "02 08 38 47 46 35 05",
        ['Q'] = "18 38 47 43 32 12 03 07 18;24 42",
        ['R'] = "02 08 38 47 46 35 05;25 42",
        ['S'] = "47 38 18 07 06 15 35 44 43 32 12 03",
        ['T'] = "08 48;28 22",
        ['U'] = "08 03 12 32 43 48",
        ['V'] = "08 22 48",
        ['W'] = "08 12 26 32 48",
        ['X'] = "08 42;02 48",
        ['Y'] = "08 25 48;25 22",
        ['Z'] = "08 48 02 42",
        ['a'] = "06 26 35 32;34 14 03 12 22 33",
        ['b'] = "08 02;05 16 26 35 33 22 12 03",
        ['c'] = "35 26 16 05 03 12 22 33",
        ['d'] = "38 32;35 26 16 05 03 12 22 33",
        ['e'] = "04 34 35 26 16 05 03 12 32",
        ['f'] = "28 18 07 02;05 25",
        ['g'] = "36 31 20 00;35 26 16 05 03 12 22 33",
        ['h'] = "08 02;05 16 26 35 32",
        ['i'] = "02 06;07 08",
        ['j'] = "16 11 00;17 18",
        ['k'] = "08 02;36 04 32",
        ['l'] = "08 02",
        ['m'] = "02 06;05 16 25 22;25 36 45 42",
        ['n'] = "02 06;05 16 26 35 32",
        ['o'] = "16 26 35 33 22 12 03 05 16",
        ['p'] = "00 06;05 16 26 35 33 22 12 03",
        ['q'] = "30 36;35 26 16 05 03 12 22 33",
        ['r'] = "02 06;04 26",
        ['s'] = "36 16 05 14 24 33 22 02",
        ['t'] = "08 03 12 22;06 26",
        ['u'] = "06 03 12 22 33;36 32",
        ['v'] = "06 22 46",
        ['w'] = "06 12 25 32 46",
        ['x'] = "06 32;02 36",
        ['y'] = "06 22;46 10",
        ['z'] = "06 36 02 32",
        ['.'] = "02 03",
        [','] = "13 01",
        [':'] = "02 03;05 06",
        ['-'] = "05 35",
        ['+'] = "05 45;23 27",
        ['='] = "04 44;06 46",
        ['/'] = "02 48",
        ['%'] = "07 18 27 16 07;23 34 43 32 23;02 48",
        ['('] = "18 07 03 12",
        [')'] = "08 17 13 02",
        ['['] = "18 08 02 12",
        [']'] = "08 18 12 02",
        ['_'] = "01 41",
        ['\''] = "07 08",
        ['<'] = "47 05 43",
        ['>'] = "07 45 03",
        ['&'] = "42 06 07 18 27 26 04 03 12 22 44",
        [';'] = "13 01;15 16",
        ['"'] = "07 08;27 28",
        ['#'] = "12 18;32 38;04 44;06 46",
        ['*'] = "24 28;05 47;07 45",
        ['!'] = "02 03;05 08",
        ['?'] = "07 18 38 47 46 25 24;22 23",
    }.ToDictionary(pair => pair.Key, pair => pair.Value.Split(';').Select(Points).ToArray());

    private static readonly (int X, int Y)[][] Unknown = [Points("02 08 48 42 02")];

    /// <summary>Height of a line in units.</summary>
    public const int Height = 8;

    /// <summary>Width of a line in units.</summary>
    public static int Width(string text) => Math.Max(0, text.Sum(Advance) - Gap);

    /// <summary>The strokes of a line: points in units from the left, and down from the top of a capital. A character that the font lacks is a box.</summary>
    public static IEnumerable<IReadOnlyList<(int X, int Y)>> Strokes(string text)
    {
        var left = 0;
        foreach (var character in text)
        {
            foreach (var stroke in Strokes(character))
                yield return [.. stroke.Select(point => (left + point.X, Height - point.Y))];
            left += Advance(character);
        }
    }

    private static (int X, int Y)[][] Strokes(char character) => character == ' ' ? [] : Glyphs.GetValueOrDefault(character, Unknown);

    private static int Advance(char character) =>
        Gap + (character == ' ' ? SpaceWidth : Strokes(character).Max(stroke => stroke.Max(point => point.X)));

    private static (int X, int Y)[] Points(string stroke) => [.. stroke.Split(' ').Select(point => (point[0] - '0', point[1] - '0'))];
}
