namespace MlComponents;

/// <summary>How the elements of a segment become one.</summary>
public enum SegmentReduction
{
    /// <summary>Their sum; 0 where there are none.</summary>
    Sum,

    /// <summary>Their mean, of floating point numbers only; 0 where there are none.</summary>
    Mean,

    /// <summary>The smallest; NaN if there is one, 0 where there are none. The gradient is shared evenly by those that are equally small.</summary>
    Minimum,

    /// <summary>The largest; NaN if there is one, 0 where there are none. The gradient is shared evenly by those that are equally large.</summary>
    Maximum,

    /// <summary>Their product; 1 where there are none. The gradient is right with zeros too; beside an infinity it is NaN.</summary>
    Product,
}
