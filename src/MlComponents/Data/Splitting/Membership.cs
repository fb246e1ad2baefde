namespace MlComponents;

/// <summary>Which class or group each example belongs to.</summary>
/// <param name="Numbers">The number of each example's class, from 0 in the order in which they are met.</param>
/// <param name="Sizes">Examples of each class.</param>
/// <param name="Values">What each class is called.</param>
internal sealed record Membership(int[] Numbers, IReadOnlyList<long> Sizes, IReadOnlyList<object> Values)
{
    /// <param name="values">The class of each example.</param>
    /// <param name="what">What it is, for messages: a label or a group.</param>
    /// <exception cref="ArgumentException">There are none, or one is null or NaN.</exception>
    public static Membership Of<T>(IReadOnlyList<T> values, string what)
    {
        ArgumentNullException.ThrowIfNull(values);
        var known = new Dictionary<object, int>();
        var numbers = new int[values.Count];
        var sizes = new List<long>();
        for (var i = 0; i < numbers.Length; i++)
        {
            if (values[i] is not { } value || value is double.NaN or float.NaN)
                throw new ArgumentException($"The {what} of example {i} is {values[i]?.ToString() ?? "null"}, so it belongs to no part: leave such examples out.", nameof(values));
            if (!known.TryGetValue(value, out numbers[i]))
            {
                known.Add(value, numbers[i] = sizes.Count);
                sizes.Add(0);
            }
            sizes[numbers[i]]++;
        }
        return new(numbers, sizes, [.. known.OrderBy(pair => pair.Value).Select(pair => pair.Key)]);
    }
}
