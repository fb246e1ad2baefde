using System.Numerics;

namespace Digits;

/// <summary>A line of the pen through control points, in a square from (0, 0) at the top left to (1, 1).</summary>
/// <param name="IsSmooth">Whether the pen follows a Catmull-Rom curve through the points rather than straight lines.</param>
/// <param name="Points">Two or more; the last equals the first in a closed stroke.</param>
internal sealed record Stroke(bool IsSmooth, Vector2[] Points)
{
    private const int PiecesPerPoint = 6;

    public bool IsClosed => Points[0] == Points[^1];

    public static Stroke Line(params (float X, float Y)[] points) => Of(false, points);

    public static Stroke Curve(params (float X, float Y)[] points) => Of(true, points);

    /// <summary>Moves every control point; a closed stroke stays closed.</summary>
    public Stroke Map(Func<Vector2, Vector2> move)
    {
        var moved = Array.ConvertAll(Points, point => move(point));
        if (IsClosed)
            moved[^1] = moved[0];
        return this with { Points = moved };
    }

    /// <summary>The stroke as short straight pieces.</summary>
    public List<Vector2> Flatten()
    {
        if (!IsSmooth)
            return [.. Points];

        var flat = new List<Vector2> { Points[0] };
        for (var i = 0; i < Points.Length - 1; i++)
            for (var piece = 1; piece <= PiecesPerPoint; piece++)
                flat.Add(CatmullRom(At(i - 1), Points[i], Points[i + 1], At(i + 2), (float)piece / PiecesPerPoint));
        return flat;
    }

    /// <summary>A control point; those beyond an end are the end itself, or come from the other end of a closed stroke.</summary>
    private Vector2 At(int i) => IsClosed ? Points[(i + Points.Length - 1) % (Points.Length - 1)] : Points[Math.Clamp(i, 0, Points.Length - 1)];

    private static Vector2 CatmullRom(Vector2 a, Vector2 b, Vector2 c, Vector2 d, float t) =>
        0.5f * (2 * b + (c - a) * t + (2 * a - 5 * b + 4 * c - d) * (t * t) + (3 * b - a - 3 * c + d) * (t * t * t));

    private static Stroke Of(bool isSmooth, (float X, float Y)[] points) => new(isSmooth, Array.ConvertAll(points, p => new Vector2(p.X, p.Y)));
}
