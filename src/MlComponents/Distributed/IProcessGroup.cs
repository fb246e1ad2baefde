namespace MlComponents;

/// <summary>How the tensors of all ranks become one.</summary>
public enum ReduceOp
{
    /// <summary>The sum.</summary>
    Sum,

    /// <summary>The arithmetic mean.</summary>
    Mean,

    /// <summary>The smallest element.</summary>
    Min,

    /// <summary>The largest element.</summary>
    Max,
}

/// <summary>The processes that train one model together, and what they say to each other. Every rank makes the same calls in the same order.</summary>
public interface IProcessGroup
{
    /// <summary>This process's number, from 0 to <see cref="WorldSize"/> − 1.</summary>
    int Rank { get; }

    /// <summary>Number of processes, at least 1.</summary>
    int WorldSize { get; }

    /// <summary>Combines a tensor of the same shape and dtype on every rank, in place, to the same value on all of them.</summary>
    void AllReduce(Tensor tensor, ReduceOp op);

    /// <summary>Overwrites a tensor on every rank with that of one rank, in place.</summary>
    void Broadcast(Tensor tensor, int root = 0);

    /// <summary>The tensors of all ranks in rank order; they belong to the caller's dispose scope.</summary>
    IReadOnlyList<Tensor> AllGather(Tensor tensor);

    /// <summary>Waits until every rank has come here.</summary>
    void Barrier();

    /// <summary>Ends all ranks at once, after an error that this one can't recover from.</summary>
    void Abort(int exitCode);
}
