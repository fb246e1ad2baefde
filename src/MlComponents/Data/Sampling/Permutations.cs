using System.Runtime.InteropServices;

namespace MlComponents;

/// <summary>Random orders from a generator.</summary>
internal static class Permutations
{
    /// <summary>Numbers from 0 to <paramref name="count"/> − 1: all of them in a random order, then all in another one, and so on until there are enough.</summary>
    public static long[] Draw(long count, long draws, Generator generator)
    {
        using var scope = NewDisposeScope();

        var drawn = new long[draws];
        for (var start = 0L; start < draws;)
        {
            using var order = randperm(count, ScalarType.Int64, generator: generator);   // [count]
            using var wanted = order.narrow(0, 0, Math.Min(count, draws - start));
            TensorBytes.ForEachPiece(wanted, bytes =>
            {
                var piece = MemoryMarshal.Cast<byte, long>(bytes);
                piece.CopyTo(drawn.AsSpan((int)start));
                start += piece.Length;
            });
        }
        return drawn;
    }

    /// <summary>Values in a random order.</summary>
    public static T[] Shuffle<T>(IReadOnlyList<T> values, Generator generator) => [.. Draw(values.Count, values.Count, generator).Select(i => values[(int)i])];
}
